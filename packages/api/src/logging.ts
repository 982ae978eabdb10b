/** The logger handed to plug-ins. `fields` are printed after the message. */
export interface Logger {
  trace(message: string, fields?: object): void;
  debug(message: string, fields?: object): void;
  info(message: string, fields?: object): void;
  warn(message: string, fields?: object): void;
  error(message: string, fields?: object): void;
}

/** What plug-ins without a context of their own (all but connectors and tasks) log through. */
export interface PluginLogging {
  /**
   * Called once, before `configure`, if the plug-in has it. The logger writes under the plug-in's
   * class name, with the connector and task that it belongs to.
   */
  useLogger?(logger: Logger): void;
}
