import type { Handlers } from '../contract/operation-types.js'
import type { HealthService } from '../services/health-service.js'

/** /health/live and /health/ready */
export const healthHandlers = (health: HealthService): Pick<Handlers, 'getLiveness' | 'getReadiness'> => ({
  getLiveness: () => Promise.resolve({ status: 200, body: { status: 'live' } }),
  async getReadiness() {
    return { status: 200, body: { status: 'ready', model: await health.ready() } }
  },
})
