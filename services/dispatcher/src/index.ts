export { dispatcher } from './dispatcher.ts'
