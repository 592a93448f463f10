const NAME = 'openposterdb-renewal'
const LEASE = 10_000
const SETTLE = 40

/**
 * Run `work` while no other tab of this browser runs its own. Plain-HTTP addresses have no Web Locks; there a lease in the
 * local storage, taken and read again after a moment, does as well as it must.
 */
export async function alone<T>(work: () => Promise<T>, storage: Storage = localStorage): Promise<T> {
  if ('locks' in navigator && navigator.locks) return navigator.locks.request(NAME, work) as Promise<T>
  const mine = `${String(Date.now() + LEASE)}:${String(Math.random())}`
  while (storage.getItem(NAME) !== mine) {
    const [end] = (storage.getItem(NAME) ?? '0').split(':')
    if (Number(end) <= Date.now()) storage.setItem(NAME, mine)
    await new Promise((resolve) => setTimeout(resolve, SETTLE))
  }
  try {
    return await work()
  } finally {
    if (storage.getItem(NAME) === mine) storage.removeItem(NAME)
  }
}
