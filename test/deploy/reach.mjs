// What is open, of a host, to who runs here: through /proc/<pid>/root and /proc/<pid>/mem of a process of root's. In the words of
// docs/privileges.md. usage: node reach.mjs '{"proc":"/proc","pid":1,"secret":"/a/file/of/root","open":"/a/folder/like/tmp"}'
import { closeSync, openSync, rmSync } from 'node:fs';

const REFUSALS = ['EACCES', 'EPERM', 'EROFS'];

/** Leaves nothing. An outcome that is neither yes nor no is the error's code: the question was wrong. */
export function reach({ proc, pid, secret, open }) {
  const root = `${proc}/${pid}/root`;
  return {
    "read root's files": opens('r', `${root}${secret}`),
    'write to them': opens('r+', `${root}${secret}`),
    'what every user may': makes(`${root}${open}/left-${process.pid}`),
    "read the memory of root's processes": opens('r', `${proc}/${pid}/mem`),
    'write to it': opens('r+', `${proc}/${pid}/mem`, `${root}/proc/${pid}/mem`),
  };
}

/** Whether one of the paths opens. */
function opens(flags, ...paths) {
  const answers = paths.map((path) => {
    try {
      closeSync(openSync(path, flags));
      return 'yes';
    } catch ({ code }) {
      return REFUSALS.includes(code) ? 'no' : code;
    }
  });
  return answers.find((answer) => answer !== 'no') ?? 'no';
}

function makes(path) {
  const answer = opens('wx', path);
  if (answer === 'yes') rmSync(path);
  return answer;
}

if (process.argv[2] !== undefined) console.log(JSON.stringify(reach(JSON.parse(process.argv[2]))));
