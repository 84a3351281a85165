/** Hands a file to whoever is at the page. */
export function saveFile(content: Blob, name: string): void {
  const url = URL.createObjectURL(content)
  const link = document.createElement('a')
  link.href = url
  link.download = name
  link.click()
  // The download has begun by then, and holds what it needs.
  setTimeout(() => {
    URL.revokeObjectURL(url)
  }, 60_000)
}
