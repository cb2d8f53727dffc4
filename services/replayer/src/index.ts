export { replayer } from './replayer.ts'
