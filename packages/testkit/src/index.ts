export { agencyMessage } from './agency-message.ts'
export { type AgencyMessage, type AgencyMove, type AgencyStory, livelyHour } from './lively-hour.ts'
