import { bashCompletion } from './bash-completion.ts';
import { fishCompletion } from './fish-completion.ts';
import { manualPage } from './manual-page.ts';
import { zshCompletion } from './zsh-completion.ts';

/** Everything that is made of the option table: texts by their paths below the package's root. */
export function manualFiles(): Readonly<Record<string, string>> {
  return {
    'man/sockscope.1': manualPage(),
    'completions/sockscope.bash': bashCompletion(),
    'completions/_sockscope': zshCompletion(),
    'completions/sockscope.fish': fishCompletion(),
  };
}
