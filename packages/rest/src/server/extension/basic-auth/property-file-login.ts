import { createHash, timingSafeEqual } from 'node:crypto';
import { readFileSync } from 'node:fs';
import { ConfigError } from '@sluice/api';
import type { BasicCredentials } from './basic-credentials.ts';
import { parseUsersFile } from './users-file.ts';

/**
 * Users and passwords of a properties file, read once. An empty file admits everybody. Mirrors
 * `PropertyFileLoginModule`.
 */
export class PropertyFileLogin {
  readonly #passwords: ReadonlyMap<string, string>;

  private constructor(passwords: ReadonlyMap<string, string>) {
    this.#passwords = passwords;
  }

  /** @throws ConfigError when the file can't be read */
  static load(file: string): PropertyFileLogin {
    try {
      return new PropertyFileLogin(parseUsersFile(readFileSync(file)));
    } catch (error) {
      const reason = error instanceof Error ? error.message : String(error);
      throw new ConfigError(`Error loading Property Credentials file: ${reason}`);
    }
  }

  authenticates(credentials: BasicCredentials | null): boolean {
    if (this.#passwords.size === 0) return true;
    if (credentials === null) return false;
    const password = this.#passwords.get(credentials.user);
    const isEqual = areEqual(password ?? '', credentials.password);
    return password !== undefined && isEqual;
  }
}

/** Takes the same time wherever they differ. */
function areEqual(one: string, other: string): boolean {
  const digest = (text: string): Buffer => createHash('sha256').update(text, 'utf8').digest();
  return timingSafeEqual(digest(one), digest(other));
}
