import type { Page } from 'playwright-core'

export interface GivenFile {
  readonly name: string
  readonly type: string
  readonly bytes: Buffer
}

export const jpeg = (bytes: Buffer, name = 'photo.jpg'): GivenFile => ({ name, type: 'image/jpeg', bytes })

/** Drops files on the page, as from a folder of the desktop. */
export const drop = (page: Page, ...files: GivenFile[]): Promise<void> => give(page, 'drop', files)

/** Drops what lies on the disk, folders included, as a system's own file manager hands it over. */
export async function dropFromDisk(page: Page, ...paths: string[]): Promise<void> {
  const devtools = await page.context().newCDPSession(page)
  const data = { items: [], files: paths, dragOperationsMask: 1 }
  for (const type of ['dragEnter', 'dragOver', 'drop'] as const) {
    await devtools.send('Input.dispatchDragEvent', { type, x: 300, y: 300, data })
  }
  await devtools.detach()
}

/** Pastes files, as a picture that was copied elsewhere. */
export const paste = (page: Page, ...files: GivenFile[]): Promise<void> => give(page, 'paste', files)

async function give(page: Page, kind: 'drop' | 'paste', files: readonly GivenFile[]): Promise<void> {
  const texts = files.map(({ name, type, bytes }) => ({ name, type, base64: bytes.toString('base64') }))
  await page.evaluate(
    ([how, given]) => {
      const data = new DataTransfer()
      for (const { name, type, base64 } of given) {
        const bytes = Uint8Array.from(atob(base64), (character) => character.charCodeAt(0))
        data.items.add(new File([bytes], name, { type }))
      }
      const common = { bubbles: true, cancelable: true }
      if (how === 'paste') {
        document.body.dispatchEvent(new ClipboardEvent('paste', { ...common, clipboardData: data }))
        return
      }
      document.body.dispatchEvent(new DragEvent('dragover', { ...common, dataTransfer: data }))
      document.body.dispatchEvent(new DragEvent('drop', { ...common, dataTransfer: data }))
    },
    [kind, texts] as const,
  )
}
