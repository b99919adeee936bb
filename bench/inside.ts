import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import type { Duplex, Readable } from 'node:stream';
import type { Load, Measurement, Scene, Subject } from './contract.ts';

/**
 * What subjects see of the environment: paths and a fixed language. NODE_EXTRA_CA_CERTS alone costs Node 45 ms at its
 * start; NODE_OPTIONS and the variables of npm and sockscope could change what is measured.
 */
const ENVIRONMENT = {
  PATH: process.env.PATH ?? '/usr/sbin:/usr/bin:/sbin:/bin',
  HOME: process.env.HOME ?? '/',
  LC_ALL: 'C',
};

/** Runs a subject once as it is timed, with so many sockets held. Throws when it fails. */
export async function measure(subject: Subject, sockets: number, scene: Scene): Promise<Measurement> {
  const { stdout, usage } = await runInside(subject, subject.command, subject.figures === true, scene);
  const figures = subject.figures === true ? (JSON.parse(stdout) as Record<string, number>) : {};
  const [wallNs, userUs, systemUs, rssKib] = usage.split(' ').map(Number);
  const whole = {
    wallMs: wallNs! / 1e6,
    cpuMs: (userUs! + systemUs!) / 1e3,
    rssMb: (rssKib! * 1024) / 1e6,
    wallUsPerSocket: wallNs! / 1e3 / sockets,
  };
  const twice = Object.keys(figures).find((figure) => figure in whole);
  if (twice !== undefined)
    throw new Error(`${subject.name} prints a "${twice}", which is the runner's to count`);
  const odd = Object.keys(figures).find((figure) => !Number.isFinite(figures[figure]));
  if (odd !== undefined) throw new Error(`${subject.name} prints a "${odd}" that is no number`);
  return { ...figures, ...whole };
}

/** Runs a subject once to see what it lists. Throws when it fails. */
export async function witness(subject: Subject, scene: Scene): Promise<string> {
  const { stdout } = await runInside(subject, subject.witness ?? subject.command, true, scene);
  return stdout;
}

async function runInside(
  subject: Subject,
  command: Subject['command'],
  keepOutput: boolean,
  scene: Scene,
): Promise<{ readonly stdout: string; readonly usage: string }> {
  const churns = subject.churns === true;
  const child = spawn(scene.tools.runInside, [String(scene.load.pid), ...command(scene)], {
    env: { ...ENVIRONMENT, ...(scene.quick === true ? { BENCH_QUICK: '1' } : {}), ...subject.environment },
    stdio: ['ignore', keepOutput ? 'pipe' : 'ignore', 'pipe', 'pipe', ...(churns ? (['pipe'] as const) : [])],
  });
  const [stdout, stderr, usage, [code]] = await Promise.all([
    child.stdout === null ? '' : text(child.stdout),
    text(child.stderr!),
    text(child.stdio[3] as Readable),
    once(child, 'close') as Promise<[number | null]>,
    churns ? churnOnRequest(child.stdio[4] as unknown as Duplex, scene.load) : undefined,
  ]);
  if (code !== 0) throw new Error(`${subject.name}: exit code ${code}\n${stderr.slice(0, 2000)}`);
  return { stdout, usage };
}

/** Answers each line `churn PERCENT` when the load has done so, until the subject hangs up. */
async function churnOnRequest(channel: Duplex, load: Load): Promise<void> {
  try {
    for await (const line of createInterface({ input: channel })) {
      if (load.churn === undefined) throw new Error('the load cannot replace connections');
      channel.write(`${await load.churn(Number(line.replace('churn ', '')))}\n`);
    }
  } finally {
    channel.destroy();
  }
}

async function text(stream: Readable): Promise<string> {
  const chunks: Buffer[] = [];
  for await (const chunk of stream) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks).toString('latin1');
}
