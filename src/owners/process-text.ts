/** Keeps a byte order mark: it is what the process has called itself. */
const decoder = new TextDecoder('utf-8', { ignoreBOM: true });
const EFFECTIVE_UID = /^Uid:\s+\d+\s+(\d+)/m;

/** Bytes that are not UTF-8 read U+FFFD. */
export function textOf(bytes: Uint8Array): string {
  return decoder.decode(bytes);
}

/** Arguments of /proc/<pid>/cmdline: each ends with a NUL; a title that the process has given itself need not. */
export function commandLineWords(bytes: Uint8Array): string[] {
  if (bytes.length === 0) return [];
  const whole = bytes.at(-1) === 0 ? bytes.subarray(0, -1) : bytes;
  return textOf(whole).split('\0');
}

/** Of /proc/<pid>/comm. */
export function commOf(bytes: Uint8Array): string {
  return textOf(bytes).replace(/\n$/, '');
}

/** Of /proc/<pid>/status: its `Uid` line has the real, effective, saved and file system user. */
export function effectiveUid(bytes: Uint8Array): number | undefined {
  const digits = EFFECTIVE_UID.exec(textOf(bytes))?.[1];
  return digits === undefined ? undefined : Number(digits);
}

/** Of /proc/<pid>/cgroup, `hierarchy:controllers:path` a line: the path of version 2 (hierarchy 0), else the first one. */
export function cgroupPath(bytes: Uint8Array): string | undefined {
  const lines = textOf(bytes).split('\n');
  const line = lines.find((one) => one.startsWith('0::')) ?? lines[0]!;
  return /^\d+:[^:]*:(.*)$/s.exec(line)?.[1];
}

/** Of /proc/<pid>/attr/current, which may end with a NUL or a newline; an empty one is none. */
export function contextOf(bytes: Uint8Array): string | undefined {
  return textOf(bytes).replace(/[\0\n]+$/, '') || undefined;
}
