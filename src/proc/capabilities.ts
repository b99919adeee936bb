import { readFileSync } from 'node:fs';

/** Names by number, as capabilities(7) has them. Kernel: CAP_*. */
const NAMES =
  `CHOWN DAC_OVERRIDE DAC_READ_SEARCH FOWNER FSETID KILL SETGID SETUID SETPCAP LINUX_IMMUTABLE NET_BIND_SERVICE
  NET_BROADCAST NET_ADMIN NET_RAW IPC_LOCK IPC_OWNER SYS_MODULE SYS_RAWIO SYS_CHROOT SYS_PTRACE SYS_PACCT SYS_ADMIN
  SYS_BOOT SYS_NICE SYS_RESOURCE SYS_TIME SYS_TTY_CONFIG MKNOD LEASE AUDIT_WRITE AUDIT_CONTROL SETFCAP MAC_OVERRIDE
  MAC_ADMIN SYSLOG WAKE_ALARM BLOCK_SUSPEND AUDIT_READ PERFMON BPF CHECKPOINT_RESTORE`
    .split(/\s+/)
    .map((name) => `CAP_${name}`);

/** A set of capabilities as `CapEff` and its like have it; one without a name is `CAP_41`. */
export function capabilitiesOf(hexadecimal: string): string[] {
  const bits = BigInt(`0x${hexadecimal}`);
  const count = bits.toString(2).length;
  return Array.from({ length: count }, (_, bit) => bit)
    .filter((bit) => (bits >> BigInt(bit)) & 1n)
    .map((bit) => NAMES[bit] ?? `CAP_${bit}`);
}

/** Names of those that the text leaves out, of all that have a name. */
export function capabilitiesBeside(names: readonly string[]): string[] {
  return NAMES.filter((name) => !names.includes(name));
}

/** A field of /proc/self/status, such as `CapEff`; undefined where that cannot be read, or has none. */
export function ownStatus(field: string, text: string | undefined = statusText()): string | undefined {
  return new RegExp(`^${field}:[ \\t]*(.*)$`, 'm').exec(text ?? '')?.[1];
}

/** The capabilities in effect, in this process's user namespace; undefined where they cannot be told. */
export function effectiveCapabilities(text?: string): string[] | undefined {
  const word = ownStatus('CapEff', text);
  return word !== undefined && /^[0-9a-f]{1,32}$/.test(word) ? capabilitiesOf(word) : undefined;
}

function statusText(): string | undefined {
  try {
    return readFileSync('/proc/self/status', 'latin1');
  } catch {
    return undefined;
  }
}
