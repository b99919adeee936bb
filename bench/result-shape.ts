import type { FigureName, Result, Run, ScenarioResult, SubjectResult } from './result.ts';
import {
  boolean,
  listOf,
  mapOf,
  number,
  objectOf,
  oneOf,
  optional,
  orNull,
  type Shape,
  text,
} from './shape.ts';

/** Of every member that there is, and of no other. */
function shapeOf<T>(shapes: { readonly [name in keyof T]-?: Shape }): Shape {
  return objectOf(shapes);
}

const figureName = shapeOf<FigureName>({ subject: text, figure: text });

const run = shapeOf<Run>({
  commit: shapeOf<Run['commit']>({ hash: orNull(text), dirty: boolean }),
  begun: text,
  machine: shapeOf<Run['machine']>({
    cpu: text,
    cores: number,
    memoryGib: number,
    kernel: text,
    node: text,
    sockscope: text,
    addon: text,
    programs: mapOf(text),
  }),
  options: shapeOf<Run['options']>({
    sockets: number,
    processes: optional(number),
    runs: number,
    slow: boolean,
    quick: boolean,
    busy: boolean,
  }),
  loadAverage: listOf(number),
  disturbances: listOf(text),
});

const subject = shapeOf<SubjectResult>({
  name: text,
  yardstick: boolean,
  slow: boolean,
  unseen: boolean,
  absent: orNull(text),
  figures: mapOf(listOf(number, 1)),
});

const goal = shapeOf<ScenarioResult['goals'][number]>({
  what: text,
  headline: boolean,
  of: figureName,
  to: orNull(figureName),
  atMost: orNull(number),
  atLeast: orNull(number),
  reached: orNull(number),
  within: orNull(listOf(number, 2)),
  floor: orNull(number),
  verdict: oneOf('met', 'missed', 'not judged'),
  because: orNull(text),
});

const scenario = shapeOf<ScenarioResult>({
  run: number,
  name: text,
  title: text,
  sockets: number,
  rounds: number,
  rows: number,
  loads: listOf(text),
  subjects: listOf(subject),
  inside: listOf(figureName),
  goals: listOf(goal),
  disturbances: listOf(text),
});

const resultShape = shapeOf<Result>({ schema: number, runs: listOf(run), scenarios: listOf(scenario) });

/** What keeps a value of JSON from being a result, in words; undefined where it is one, whose every name leads somewhere. */
export function whyNoResult(value: unknown): string | undefined {
  return resultShape(value, '') ?? danglingName(value as Result);
}

function danglingName({ runs, scenarios }: Result): string | undefined {
  for (const one of scenarios) {
    if (runs[one.run] === undefined) return `${one.name} is of run ${one.run}, which it does not have`;
    const missing = figuresNeeded(one).find((wanted) => !hasFigure(one, wanted));
    if (missing !== undefined) return `${one.name} has no "${missing.figure}" of "${missing.subject}"`;
  }
  return undefined;
}

/** Those of whole processes, and those that are shown and judged by. */
function figuresNeeded({ subjects, inside, goals }: ScenarioResult): FigureName[] {
  const ran = subjects.filter(({ absent }) => absent === null);
  const reached = goals.filter((one) => one.reached !== null);
  return [
    ...ran.flatMap(({ name }) => ['wallMs', 'cpuMs', 'rssMb'].map((figure) => ({ subject: name, figure }))),
    ...inside,
    ...reached.flatMap(({ of, to }) => [of, ...(to === null ? [] : [to])]),
  ];
}

function hasFigure({ subjects }: ScenarioResult, wanted: FigureName): boolean {
  const found = subjects.find(({ name }) => name === wanted.subject);
  return found !== undefined && Object.hasOwn(found.figures, wanted.figure);
}
