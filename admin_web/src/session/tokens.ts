/** What a token says of itself. Nothing is verified here: that is the service's part. */
export function expiresAt(token: string): number | null {
  const payload = token.split('.')[1]
  if (!payload) return null
  try {
    const claims: unknown = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/')))
    const exp = (claims as { exp?: unknown }).exp
    return typeof exp === 'number' ? exp * 1000 : null
  } catch {
    return null
  }
}

/** Whether a token ends within `margin` milliseconds; one that tells no end does not. */
export function endsSoon(token: string, now: number, margin = 30_000): boolean {
  const end = expiresAt(token)
  return end !== null && end - now < margin
}
