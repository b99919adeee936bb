import { dirname, resolve } from 'node:path';
import { ByteWriter } from '../format/byte-writer.ts';
import type { Names } from '../format/internet-table.ts';
import type { LocalHost } from '../host.ts';
import type { HostNames } from '../names/host-names.ts';
import { networkLookup } from '../names/networks.ts';
import { serviceLookup } from '../names/services.ts';
import { userLookup } from '../names/users.ts';
import { forbidden, isForbidden } from '../permission.ts';
import type { HostOptions } from '../request/host-options.ts';
import { untilNextBeat } from './beat.ts';
import type { CommandRequest } from './command-request.ts';
import { withDoctorHint } from './doctor-hint.ts';
import { isOfTheSystem } from './errno.ts';
import { type ListingScene, showListing } from './listing.ts';
import type { ModeScene } from './mode-scene.ts';
import { MODES } from './modes.ts';
import { type CommandContext, parseCommandLine } from './options.ts';
import { type Output, OutputLost, ReaderGone } from './output.ts';
import { planListing } from './sections.ts';
import { subcommandOf } from './subcommands.ts';
import { lackOfTables } from './table-folder.ts';

/** The outside world of one run of the command. */
export interface CommandScene extends CommandContext {
  readonly words: readonly string[];
  readonly stdout: Output;
  readonly stderr: Output;
  readonly version: () => string;
  readonly openHost: (options: HostOptions) => LocalHost;
  /** Waits between the rounds of `-c`. */
  readonly pause: (milliseconds: number) => Promise<void>;
  /** Milliseconds, of a clock that is never set. */
  readonly now: () => number;
}

/**
 * Runs the command and gives its exit status. Everything is written when it returns. When nobody reads stdout any more
 * it ends with 0 (netstat is killed by SIGPIPE there, which Node.js ignores).
 */
export async function runCommand(scene: CommandScene): Promise<number> {
  const losses: Losses = { areFailures: false };
  const out = new ByteWriter((bytes) => writeOrDrop(scene.stdout, bytes, losses));
  const say: Say = (lines) => tell(scene, out, lines);
  try {
    const status = await obey(scene, out, say, losses);
    out.flush();
    return status;
  } catch (error) {
    if (error instanceof ReaderGone) return 0;
    return reportFailure(error, scene.program, out, say);
  }
}

/** Whether output that cannot be written is the end, with a message and 1: so it is where the output is not netstat's. */
interface Losses {
  areFailures: boolean;
}

/**
 * netstat drops what cannot be written, and so do its tables here. Seen: `netstat -tan >/dev/full` says nothing and ends
 * with 0. A departure: at the limit of file sizes netstat is killed by SIGXFSZ, which Node.js ignores: that is said.
 */
function writeOrDrop(stdout: Output, bytes: Uint8Array, { areFailures }: Losses): void {
  try {
    stdout.write(bytes);
  } catch (error) {
    if (areFailures || !(error instanceof OutputLost) || error.code === 'EFBIG') throw error;
  }
}

/** Text for stderr, or its bytes. */
type Say = (lines: string | Uint8Array) => void;

async function obey(scene: CommandScene, out: ByteWriter, say: Say, losses: Losses): Promise<number> {
  const subcommand = scene.program === 'netstat' ? undefined : subcommandOf(scene.words[0]);
  if (subcommand !== undefined) {
    losses.areFailures = true;
    return subcommand({ ...scene, words: scene.words.slice(1), out, say });
  }
  const { notices, outcome } = parseCommandLine(scene.words, scene);
  say(Buffer.from(notices.join(''), 'latin1'));
  switch (outcome.kind) {
    case 'request':
      losses.areFailures = outcome.request.json;
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
  let hosts: HostNames | undefined;
  try {
    const lack = procRoot === undefined ? undefined : lackOfTables(host.proc.netDirectory(), procRoot);
    if (lack !== undefined) {
      say(`${scene.program}: ${lack}\n`);
      return 1;
    }
    hosts = showsHostNames(request) ? await hostNames(request, host) : undefined;
    const lent = { program: scene.program, host, out, say, hosts, names: namesFor(request, host, hosts) };
    const show = await tableOf(request, lent);
    const begin = scene.now();
    for (let round = 0; ; round++) {
      const status = await show(round);
      out.flush();
      if (status !== undefined || !request.repeats) return status ?? 0;
      await scene.pause(untilNextBeat(scene.now() - begin, request.periodMs));
    }
  } finally {
    hosts?.close();
    await host.close();
  }
}

/** Whether any host could be shown by name. */
function showsHostNames({ mode, numericHosts, json }: CommandRequest): boolean {
  return !numericHosts && !json && mode !== 'interfaces' && mode !== 'statistics';
}

async function hostNames(request: CommandRequest, { binding }: LocalHost): Promise<HostNames> {
  const { openHostNames } = await import('../names/hosts.ts');
  return openHostNames({ binding, timeoutMs: request.resolveTimeoutMs });
}

type Lent = ModeScene & ListingScene & { readonly host: LocalHost };

/** Shows once what is asked for; gives a status where the command has to end. */
type Show = (round: number) => Promise<number | undefined>;

async function tableOf(request: CommandRequest, lent: Lent): Promise<Show> {
  const show = await showOf(request, lent);
  if (!request.verbose || lent.program === 'netstat') return show;
  const { malformedNotes } = await import('./malformed-notes.ts');
  return async (round) => {
    const status = await show(round);
    if (status === undefined) {
      const notes = await malformedNotes(request, lent.host.proc.netDirectory());
      for (const note of notes) lent.say(`${lent.program}: ${note}\n`);
    }
    return status;
  };
}

async function showOf(request: CommandRequest, lent: Lent): Promise<Show> {
  if (request.json) {
    const { showJson } = await import('./json-mode.ts');
    return () => showJson(request, lent);
  }
  if (request.mode === 'sockets') {
    const listing = planListing(request);
    return () => showListing(request, listing, lent);
  }
  const show = await MODES[request.mode]();
  return (round) => show(request, lent, round);
}

/** Nothing is read before the first name is needed. */
function namesFor(request: CommandRequest, { binding }: LocalHost, hosts: HostNames | undefined): Names {
  const system = binding === undefined ? undefined : (uid: number) => binding.userName(uid);
  return {
    service: request.numericPorts ? undefined : serviceLookup(),
    user: request.numericUsers ? undefined : userLookup({ system }),
    host: hosts && ((addresses, offset, family) => hosts.of(addresses, offset, family)),
    network: hosts && networkLookup(),
  };
}

/** Writes to stderr; where both outputs are on a screen, what was written before it appears before it. */
function tell(scene: CommandScene, out: ByteWriter, lines: string | Uint8Array): void {
  if (lines.length === 0) return;
  if (scene.stdout.isTerminal()) out.flush();
  try {
    scene.stderr.write(typeof lines === 'string' ? Buffer.from(lines) : lines);
  } catch (error) {
    if (!(error instanceof ReaderGone || error instanceof OutputLost)) throw error;
  }
}

/** What went wrong, after the rows that were read before it did. */
function reportFailure(error: unknown, program: string, out: ByteWriter, say: Say): number {
  try {
    out.flush();
  } catch (gone) {
    if (gone instanceof ReaderGone) return 0;
    if (!(gone instanceof OutputLost)) throw gone;
  }
  say(`${program}: ${messageOf(error, program)}\n`);
  return 1;
}

/** Facts for what can happen on any machine; the stack for a defect of ours. */
function messageOf(error: unknown, program: string): string {
  if (!(error instanceof Error)) return String(error);
  if (isForbidden(error)) return forbidden(error).message;
  const lacking = lackingFile(error);
  if (lacking !== undefined) return `the package is incomplete: there is no ${lacking} (install it again)`;
  return error instanceof OutputLost || isOfTheSystem(error)
    ? withDoctorHint(error, program)
    : (error.stack ?? error.message);
}

/** The file of the command's own that was not found when something of it was first used. */
function lackingFile(error: Error): string | undefined {
  const { code, requireStack } = error as NodeJS.ErrnoException & { readonly requireStack?: string[] };
  const name = /'(.*)'/.exec(error.message)?.[1];
  if (code !== 'MODULE_NOT_FOUND' || name === undefined) return undefined;
  return resolve(dirname(requireStack?.[0] ?? ''), name);
}
