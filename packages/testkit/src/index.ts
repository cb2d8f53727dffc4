export { agencyMessage } from './agency-message.ts'
export { type AgencyMessage, type AgencyMove, type AgencyStory, livelyHour } from './lively-hour.ts'
export { type NinjsMessageOptions, ninjsMessage } from './ninjs-message.ts'
export { type PageBrief, type PageCaptureOptions, pageCaptureMessage } from './page-capture-message.ts'
