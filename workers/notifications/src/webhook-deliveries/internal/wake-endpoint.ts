import type { NotificationsDeps } from '../../deps.ts'

/** Has the messages of an endpoint sent now. If that fails, the next sweep finds them. */
export async function tryToWake(
  { wakeEndpoint, warn }: Pick<NotificationsDeps, 'wakeEndpoint' | 'warn'>,
  endpointId: string,
): Promise<void> {
  try {
    await wakeEndpoint(endpointId)
  } catch (error) {
    warn('webhook_endpoint_not_woken', { endpointId, error })
  }
}
