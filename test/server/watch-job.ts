import request, { type Test } from 'supertest'
import { expect } from 'vitest'
import type { Job } from '../../src/collections/jobs/job.js'
import type { TestServer } from './test-server.js'

/** The job of a 202 answer when it is over. */
export async function overFrom(
  server: TestServer,
  answer: { body: unknown; headers: unknown },
): Promise<Job> {
  const { id } = answer.body as Job
  expect(answer.headers).toMatchObject({ location: `/v1/jobs/${id}` })
  await server.jobs.finished(id)
  const over = await request(server.app).get(`/v1/jobs/${id}`).expect(200)
  return over.body as Job
}

/** The events of a stream of server-sent events, comments left out. */
export function eventsIn(text: string): { readonly event: string; readonly job: Job }[] {
  return text
    .split('\n\n')
    .filter((block) => block.startsWith('event: '))
    .map((block) => {
      const [first = '', second = ''] = block.split('\n')
      return { event: first.slice('event: '.length), job: JSON.parse(second.slice('data: '.length)) as Job }
    })
}

/** The body of an answer that is not JSON. */
export async function bytesOf(test: Test): Promise<Buffer> {
  const answer = await test.responseType('blob').expect(200)
  return answer.body as Buffer
}
