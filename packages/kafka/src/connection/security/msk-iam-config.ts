import type { JaasOptions } from './jaas-options.ts';
import type { AwsSource } from './sasl-settings.ts';

/** The options of Amazon's `IAMLoginModule` (`aws-msk-iam-auth`). */
export function awsSourceOf(jaas: JaasOptions): AwsSource {
  return {
    profile: jaas.get('awsProfileName'),
    roleArn: jaas.get('awsRoleArn'),
    roleSessionName: jaas.get('awsRoleSessionName'),
    stsRegion: jaas.get('awsStsRegion'),
  };
}
