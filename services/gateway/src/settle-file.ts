import { access, link, rename, unlink } from 'node:fs/promises'
import { basename, extname, join } from 'node:path'

/** Moves a file into a folder beside it, under its own name or `name.1.ext`, never over another. Answers with where it lies. */
export async function settleFile(path: string, name: string, folder: 'done' | 'failed'): Promise<string> {
  const extension = extname(name)
  const source = join(path, name)
  for (let attempt = 0; ; attempt += 1) {
    const target = join(path, folder, attempt === 0 ? name : `${basename(name, extension)}.${attempt}${extension}`)
    try {
      // A hard link fails where the name is taken, a rename would replace; so the link chooses the name.
      await link(source, target)
      await unlink(source)
    } catch (error) {
      const code = (error as NodeJS.ErrnoException).code
      if (code === 'EEXIST') continue
      if (code !== 'EPERM' && code !== 'ENOTSUP' && code !== 'EMLINK') throw error
      if (await exists(target)) continue
      await rename(source, target)
    }
    return target
  }
}

const exists = (file: string): Promise<boolean> =>
  access(file).then(
    () => true,
    () => false,
  )
