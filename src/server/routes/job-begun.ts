import type { Job } from '../../collections/jobs/job.js'

/** 202: the job that a request began, and where to ask for it. */
export const jobBegun = (job: Job) =>
  ({ status: 202, body: job, headers: { Location: `/v1/jobs/${job.id}` } }) as const
