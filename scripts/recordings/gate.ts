/** Lets all through when the last has come. */
export function gate(people: number): () => Promise<void> {
  const { promise, resolve } = Promise.withResolvers<void>()
  let missing = people
  return () => {
    if (--missing === 0) resolve()
    return promise
  }
}
