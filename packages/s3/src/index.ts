export { openS3Archive } from './open-s3-archive.ts'
export { type ParsedS3Url, parseS3Url } from './parse-s3-url.ts'
export type { S3Credentials, S3Options } from './s3-options.ts'
