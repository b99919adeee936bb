import { existsSync } from 'node:fs';
import { ByteWriter } from '../format/byte-writer.ts';
import type { Names } from '../format/internet-table.ts';
import type { LocalHost } from '../host.ts';
import { serviceLookup } from '../names/services.ts';
import { userLookup } from '../names/users.ts';
import type { HostOptions } from '../request/host-options.ts';
import { showListing } from './listing.ts';
import { type CommandContext, type CommandRequest, parseCommandLine } from './options.ts';
import { type Output, ReaderGone } from './output.ts';
import { planListing } from './sections.ts';

/** The outside world of one run of the command. */
export interface CommandScene extends CommandContext {
  readonly words: readonly string[];
  readonly stdout: Output;
  readonly stderr: Output;
  readonly version: () => string;
  readonly openHost: (options: HostOptions) => LocalHost;
  /** Waits between the rounds of `-c`. */
  readonly pause: () => Promise<void>;
}

/**
 * Runs the command and gives its exit status. Everything is written when it returns. When nobody reads stdout any more
 * it ends with 0 (netstat is killed by SIGPIPE there, which Node.js ignores).
 */
export async function runCommand(scene: CommandScene): Promise<number> {
  const out = new ByteWriter((bytes) => scene.stdout.write(bytes));
  const say: Say = (lines) => tell(scene, out, lines);
  try {
    const status = await obey(scene, out, say);
    out.flush();
    return status;
  } catch (error) {
    if (error instanceof ReaderGone) return 0;
    return reportFailure(error, scene.program, out, say);
  }
}

/** The subcommands; netstat takes such a word for an operand, and passes over it. */
function isPinWord(word: string | undefined): word is 'pin' | 'unpin' {
  return word === 'pin' || word === 'unpin';
}

/** Text for stderr, or its bytes. */
type Say = (lines: string | Uint8Array) => void;

async function obey(scene: CommandScene, out: ByteWriter, say: Say): Promise<number> {
  if (scene.program !== 'netstat' && isPinWord(scene.words[0])) {
    const { runPin } = await import('./pin.ts');
    const words = scene.words.slice(1);
    return runPin({
      verb: scene.words[0],
      words,
      program: scene.program,
      openHost: scene.openHost,
      out,
      say,
    });
  }
  const { notices, outcome } = parseCommandLine(scene.words, scene);
  say(Buffer.from(notices.join(''), 'latin1'));
  switch (outcome.kind) {
    case 'request':
      return list(outcome.request, scene, out, say);
    case 'failure':
      return outcome.status;
    default: {
      const { usage, versionText } = await import('./help.ts');
      if (outcome.kind === 'version') {
        out.ascii(versionText(scene.program, scene.version));
        return 0;
      }
      const { body, families } = usage(scene.program);
      // netstat writes the families to stderr whatever it is asked.
      if (outcome.kind === 'usage') say(body);
      else out.ascii(body);
      say(families);
      return outcome.kind === 'usage' ? 3 : 0;
    }
  }
}

async function list(
  request: CommandRequest,
  scene: CommandScene,
  out: ByteWriter,
  say: Say,
): Promise<number> {
  const { source, threads, procRoot } = request;
  // netstat itself knows no other way than the walk over /proc.
  const owners = scene.program === 'netstat' ? 'procfd' : request.owners;
  const host = scene.openHost({ source, owners, threads, procRoot });
  try {
    const tables = host.proc.netDirectory();
    if (procRoot !== undefined && !existsSync(tables)) {
      say(`${scene.program}: --proc: there is no folder ${tables}\n`);
      return 1;
    }
    const listing = planListing(request);
    const lent = { program: scene.program, host, out, say, names: namesFor(request, host) };
    for (;;) {
      const status = await showListing(request, listing, lent);
      out.flush();
      if (status !== undefined || !request.continuous) return status ?? 0;
      await scene.pause();
    }
  } finally {
    await host.close();
  }
}

/** Nothing is read before the first name is needed. */
function namesFor(request: CommandRequest, { binding }: LocalHost): Names {
  const system = binding === undefined ? undefined : (uid: number) => binding.userName(uid);
  return {
    service: request.numericPorts ? undefined : serviceLookup(),
    user: request.numericUsers ? undefined : userLookup({ system }),
  };
}

/** Writes to stderr; where both outputs are on a screen, what was written before it appears before it. */
function tell(scene: CommandScene, out: ByteWriter, lines: string | Uint8Array): void {
  if (lines.length === 0) return;
  if (scene.stdout.isTerminal()) out.flush();
  try {
    scene.stderr.write(typeof lines === 'string' ? Buffer.from(lines) : lines);
  } catch (error) {
    if (!(error instanceof ReaderGone)) throw error;
  }
}

/** What went wrong, after the rows that were read before it did. */
function reportFailure(error: unknown, program: string, out: ByteWriter, say: Say): number {
  try {
    out.flush();
  } catch (gone) {
    if (gone instanceof ReaderGone) return 0;
    throw gone;
  }
  say(`${program}: ${messageOf(error)}\n`);
  return 1;
}

/** Facts for what can happen on any machine; the stack for a defect of ours. */
function messageOf(error: unknown): string {
  if (!(error instanceof Error)) return String(error);
  return error.name === 'SockscopeError' || 'syscall' in error
    ? error.message
    : (error.stack ?? error.message);
}
