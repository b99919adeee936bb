import { spawnSync } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

const folder = fileURLToPath(new URL('../../completions', import.meta.url));

/** What a shell offers for each line, the cursor at its end; words as they would be put into the line. */
export type Offers = ReadonlyMap<string, readonly string[]>;

/** Asks a real shell, once for all lines. */
export const SHELLS: Readonly<Record<'bash' | 'zsh' | 'fish', (lines: readonly string[]) => Offers>> = {
  bash: (lines) => ask('bash', ['--norc', '--noprofile', '-c', BASH, 'bash', ...lines], lines),
  zsh: (lines) => askZsh(lines),
  fish: (lines) => ask('fish', ['--no-config', '-c', FISH, ...lines], lines),
};

/** Splits words as readline does: at blanks, and around an equals sign. Each offer is quoted where it has to be. */
const BASH = `source "$FOLDER/sockscope.bash"
eval "$AFTERWARDS"
for line; do
  printf '=%s\\n' "$line"
  COMP_WORDS=()
  for word in $line; do
    [[ $BREAK_AT_EQUALS && $word == *=* ]] && COMP_WORDS+=("\${word%%=*}" =) && word=\${word#*=}
    [[ $BREAK_AT_EQUALS && -z $word ]] || COMP_WORDS+=("$word")
  done
  [[ $line == *' ' ]] && COMP_WORDS+=('')
  COMP_CWORD=$(( \${#COMP_WORDS[@]} - 1 ))
  _sockscope
  (( \${#COMPREPLY[@]} )) && printf '+%s\\n' "\${COMPREPLY[@]}"
done
exit 0`;

const FISH = `source "$FOLDER/sockscope.fish"
for line in $argv
    printf '=%s\\n' $line
    for offer in (complete -C $line)
        printf '+%s\\n' (string split -f 1 \\t -- $offer)
    end
end`;

/** A zsh with a terminal. Every match goes through compadd, which tells what it is given. */
const ZSHRC = `fpath=($FOLDER $fpath)
autoload -Uz compinit && compinit -D -u
compadd() {
  if (( \${argv[(I)-[OAD]]} )); then builtin compadd "$@"; return; fi
  local -a offers
  builtin compadd -A offers "$@"
  (( $#offers )) && print -rl -- "+"$IPREFIX\${^offers} >>$ANSWERS
  builtin compadd "$@"
}
zle-line-init() {
  local line
  for line in \${(f)"$(<$ASKED)"}; do
    print -r -- "=$line" >>$ANSWERS
    BUFFER=$line CURSOR=$#line
    zle list-choices
  done
  exit 0
}
zle -N zle-line-init
`;

const IN_TERMINAL = `zmodload zsh/zpty
zpty shell zsh -d -i
while zpty -r shell chunk; do :; done`;

function askZsh(lines: readonly string[]): Offers {
  const home = mkdtempSync(join(tmpdir(), 'sockscope-'));
  const answers = join(home, 'answers');
  const asked = join(home, 'asked');
  try {
    writeFileSync(join(home, '.zshrc'), ZSHRC);
    writeFileSync(asked, `${lines.join('\n')}\n`);
    run('zsh', ['-f', '-c', IN_TERMINAL], { ZDOTDIR: home, ANSWERS: answers, ASKED: asked, TERM: 'xterm' });
    return offersOf(readFileSync(answers, 'utf8'), lines);
  } finally {
    rmSync(home, { recursive: true, force: true });
  }
}

function ask(shell: string, words: readonly string[], lines: readonly string[]): Offers {
  return offersOf(run(shell, words, {}), lines);
}

/** Runs a shell's text; `environment` reaches it. Gives stdout, and demands that nothing went wrong. */
export function run(
  shell: string,
  words: readonly string[],
  environment: Readonly<Record<string, string>>,
): string {
  const { status, stdout, stderr, error } = spawnSync(shell, words, {
    encoding: 'utf8',
    timeout: 20_000,
    env: { PATH: process.env.PATH, HOME: tmpdir(), LC_ALL: 'C.UTF-8', FOLDER: folder, ...environment },
  });
  if (error !== undefined || status !== 0 || stderr !== '') {
    throw new Error(`${shell} ended with ${error ?? status}: ${stderr}`);
  }
  return stdout;
}

/** As SHELLS.bash, of a bash with other settings: words broken at equals signs, or text that runs once ours is loaded. */
export function askBash(
  lines: readonly string[],
  { breakAtEquals = false, afterwards = '' }: { breakAtEquals?: boolean; afterwards?: string },
): Offers {
  const environment = { BREAK_AT_EQUALS: breakAtEquals ? 'yes' : '', AFTERWARDS: afterwards };
  return offersOf(run('bash', ['--norc', '--noprofile', '-c', BASH, 'bash', ...lines], environment), lines);
}

function offersOf(text: string, lines: readonly string[]): Offers {
  const offers = new Map<string, string[]>();
  let current: string[] = [];
  for (const line of text.split('\n')) {
    if (line.startsWith('=')) {
      current = [];
      offers.set(line.slice(1), current);
    } else if (line.startsWith('+')) {
      current.push(line.slice(1).replaceAll('\\', ''));
    }
  }
  const unanswered = lines.filter((line) => !offers.has(line));
  if (unanswered.length > 0) throw new Error(`no answer to ${JSON.stringify(unanswered)}`);
  return offers;
}
