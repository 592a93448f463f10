/**
 * Run one request at a time, and after it the latest of those that came meanwhile: the first answer is on its way without
 * any delay, and a slider that is dragged for seconds asks no more often than answers come.
 */
export function latestOnly<T>(work: (input: T) => Promise<void>): (input: T) => void {
  let running = false
  let waiting: { input: T } | null = null

  async function run(input: T): Promise<void> {
    running = true
    await work(input)
    const next = waiting
    waiting = null
    running = false
    if (next) void run(next.input)
  }

  return (input) => {
    if (running) waiting = { input }
    else void run(input)
  }
}
