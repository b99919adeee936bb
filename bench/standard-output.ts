/**
 * What becomes of a program that cannot write: it ends, with what it has found so far as the exit code where the reader is
 * gone (`| head`), and else with 1 and a line that says why.
 */
export function endWithStandardOutput(program: string): void {
  const onError = ({ code, message }: NodeJS.ErrnoException): void => {
    if (code === 'EPIPE') process.exit();
    process.stderr.write(`${program}: the output cannot be written: ${message}\n`);
    process.exit(1);
  };
  process.stdout.on('error', onError);
  process.stderr.on('error', onError);
}
