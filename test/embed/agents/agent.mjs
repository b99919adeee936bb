// A small agent, as it is bundled: argv[2] holds the options of the host as JSON.
import { answer, print } from './answer.mjs';

print(answer(JSON.parse(process.argv[2] ?? '{}')));
