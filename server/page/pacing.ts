/** Runs `work` once before the next picture is drawn, however often it was asked for until then. */
export function oncePerFrame(work: () => void): () => void {
  let isPlanned = false;
  return () => {
    if (isPlanned) return;
    isPlanned = true;
    requestAnimationFrame(() => {
      isPlanned = false;
      work();
    });
  };
}

/** Runs `work`, never twice at a time and not again within `gapMs`; what is asked for meanwhile is one more run. */
export function atMostEvery(gapMs: number, work: () => Promise<void>): () => void {
  let isWanted = false;
  let isBusy = false;
  const run = async (): Promise<void> => {
    isBusy = true;
    isWanted = false;
    try {
      await work();
    } finally {
      setTimeout(() => {
        isBusy = false;
        if (isWanted) void run();
      }, gapMs);
    }
  };
  return () => {
    isWanted = true;
    if (!isBusy) void run();
  };
}
