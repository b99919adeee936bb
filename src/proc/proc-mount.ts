/** How a process file system is mounted. */
export interface ProcMount {
  /** Who is shown to whom: `0` or `off`, `1` or `noaccess`, `2` or `invisible`, `4` or `ptraceable`; undefined where nothing is hidden. */
  readonly hidepid: string | undefined;
  /** The number of the group that sees everything all the same. */
  readonly group: string | undefined;
  /** `pid`: there is nothing but processes. */
  readonly subset: string | undefined;
  readonly isReadOnly: boolean;
}

/**
 * The last mount at `path` in the text of a mountinfo; undefined where none is. A line is: id, parent, device, root,
 * mount point, options, optional fields, "-", type, source, options.
 */
export function procMount(mountinfo: string, path: string): ProcMount | undefined {
  const place = Buffer.from(path).toString('latin1');
  let found: ProcMount | undefined;
  for (const line of mountinfo.split('\n')) {
    const [before = '', after = ''] = line.split(' - ');
    const fields = before.split(' ');
    if (fields[4] === undefined || unescaped(fields[4]) !== place) continue;
    const [type = '', , options = ''] = after.split(' ');
    found = type === 'proc' ? mountOf(fields[5] ?? '', options) : undefined;
  }
  return found;
}

function mountOf(ofMount: string, options: string): ProcMount {
  const words = options.split(',');
  const optionOf = (name: string): string | undefined =>
    words.find((word) => word.startsWith(`${name}=`))?.slice(name.length + 1);
  const hidepid = optionOf('hidepid');
  return {
    hidepid: hidepid === '0' || hidepid === 'off' ? undefined : hidepid,
    group: optionOf('gid'),
    subset: optionOf('subset'),
    isReadOnly: [...words, ...ofMount.split(',')].includes('ro'),
  };
}

/** A byte string; the kernel writes blanks and the like as `\040`. */
function unescaped(text: string): string {
  return text.replace(/\\([0-7]{3})/g, (_, digits: string) =>
    String.fromCharCode(Number.parseInt(digits, 8)),
  );
}
