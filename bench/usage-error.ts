/** What is wrong with the arguments of a command line. */
export class UsageError extends Error {
  override readonly name = 'UsageError';
}

/** What `parse` returns; what parseArgs() throws becomes a UsageError. */
export function parsed<T>(parse: () => T): T {
  try {
    return parse();
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException;
    throw code?.startsWith('ERR_PARSE_ARGS') ? new UsageError(message) : error;
  }
}
