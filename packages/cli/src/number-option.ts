import { CommandFault } from './fault.ts'

/** A number that was given as an option, 0 or more. */
export function numberOption(name: string, text: string): number {
  const value = Number(text)
  if (text.trim() === '' || !Number.isFinite(value) || value < 0)
    throw new CommandFault(`${name} ${text} is not a number.`)
  return value
}
