/** Whether nothing is measured, and all that is done over and over is to be done once: see `quick` in bench/contract.ts. */
export const quick = process.env.BENCH_QUICK !== undefined;
