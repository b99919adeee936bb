import { type ChildProcessByStdio, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  cpSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  rmSync,
  symlinkSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import type { Readable, Writable } from 'node:stream';
import { fileURLToPath } from 'node:url';
import { Namespaced } from '../kernel/namespaced.ts';
import type { Installed } from './installed.ts';
import { GROUP } from './residents.ts';

const here = (path: string): string => fileURLToPath(new URL(path, import.meta.url));

/** The folder of the units. */
export const UNITS = here('../../deploy/systemd');
/** Boots systemd on a folder. */
export const SCRIPT = here('systemd_host.py');
export type SystemdHost = Namespaced<{ readonly pid: number }>;

/** Writes a text file whose folder need not exist. */
function write(path: string, text: string): void {
  mkdirSync(join(path, '..'), { recursive: true });
  writeFileSync(path, text);
}

/** What lies over /etc, /opt and /usr/local/bin: units, agent and command where the units look for them. */
export function layOut(folder: string, installed: Installed): void {
  const units = join(folder, 'units');
  for (const unit of ['sockscope-agent.service', 'sockscope-pin@.service'])
    cpSync(join(UNITS, unit), join(units, unit));
  cpSync(installed.folder, join(folder, 'opt/sockscope-agent'), { recursive: true });
  cpSync(here('probe.mjs'), join(folder, 'opt/sockscope-agent/probe.mjs'));
  mkdirSync(join(folder, 'bin'));
  symlinkSync('/opt/sockscope-agent/node_modules/sockscope/dist/cli/main.cjs', join(folder, 'bin/sockscope'));
  write(join(folder, 'etc/group'), `${readFileSync('/etc/group', 'utf8')}monitoring:x:${GROUP}:\n`);
  writeFileSync(join(folder, 'etc/sockscope-secret'), 'of root alone', { mode: 0o600 });
  const agent = readFileSync(join(UNITS, 'sockscope-agent.service'), 'utf8');
  const probe = agent
    .replace(/^(ExecStart=.*)agent\.mjs$/m, '$1probe.mjs')
    .replace(/^Restart=.*$/m, 'Type=oneshot');
  write(join(units, 'sockscope-probe.service'), probe);
  for (const [unit, name] of [
    ['sockscope-agent', 'agent'],
    ['sockscope-probe', 'probe'],
    ['sockscope-pin@', 'pin'],
  ] as const) {
    const moved = name !== 'pin' && process.execPath !== '/usr/bin/node';
    const command = `ExecStart=\nExecStart=${process.execPath} /opt/sockscope-agent/${name}.mjs\n`;
    const ending = name === 'agent' ? 'ExecStopPost=/bin/echo $SERVICE_RESULT $EXIT_CODE $EXIT_STATUS\n' : '';
    write(
      join(units, `${unit}.service.d/test.conf`),
      `[Service]\n${moved ? command : ''}Environment=SOCKSCOPE_AGENT_SECONDS=0.2\n` +
        `StandardOutput=append:/run/${name}.out\nStandardError=append:/run/${name}.err\n${ending}`,
    );
  }
  for (const program of ['deploy/residents.py', 'kernel/network.py'])
    cpSync(here(`../${program}`), join(folder, 'opt/residents', program));
  write(join(units, 'residents.service'), residentsUnit());
}

function residentsUnit(): string {
  const python = spawnSync('python3', ['-c', 'import sys; print(sys.executable)'], {
    encoding: 'utf8',
  }).stdout.trim();
  const command = `sleep 120 | ${python} -B /opt/residents/deploy/residents.py /run >/run/residents.json`;
  return `[Service]\nType=exec\nExecStart=/bin/sh -c '${command}'\n`;
}

/** Boots systemd with these units. Needs the requirement systemd; call `stop` in the end. */
export async function bootSystemd(installed: Installed): Promise<SystemdHost> {
  const folder = mkdtempSync(join(tmpdir(), 'sockscope-systemd-'));
  chmodSync(folder, 0o755);
  layOut(folder, installed);
  const child: ChildProcessByStdio<Writable, Readable, Readable> = spawn('python3', ['-B', SCRIPT, folder], {
    stdio: ['pipe', 'pipe', 'pipe'],
  });
  let complaints = '';
  child.stderr.setEncoding('utf8').on('data', (text: string) => {
    complaints += text;
  });
  for await (const line of createInterface(child.stdout)) {
    const description = JSON.parse(line) as { pid: number };
    return new Namespaced(child, description.pid, folder, description);
  }
  rmSync(folder, { recursive: true, force: true });
  throw new Error(`systemd did not boot: ${complaints}`);
}
