import type { Endpoint, Work } from '../api/endpoint.ts'
import { listEndpoint } from '../api/list.ts'
import { Params } from '../api/params.ts'
import { testMethodOf } from '../payment-methods/test-method-of.ts'
import type { Charge, Dispute } from '../store/objects.ts'
import { checkOpen, closeDispute, loadDispute, openDispute } from './dispute.ts'
import { EVIDENCE_FIELDS, VERDICTS } from './evidence.ts'

/** Opens a dispute if the test card calls for one. Call it after the capture. */
export function disputeIfTestCard(work: Work, charge: Charge): void {
  const method = work.store.find('payment_method', charge.payment_method)
  const spec = method && testMethodOf(method).dispute
  if (spec) openDispute(work, charge, spec)
}

const retrieveDispute: Endpoint = {
  method: 'GET',
  path: '/v1/disputes/:id',
  answers: 'dispute',
  prepare({ id, form }) {
    new Params(form, { accepts: [] })
    return (work) => loadDispute(work, id)
  },
}

const updateDispute: Endpoint = {
  method: 'POST',
  path: '/v1/disputes/:id',
  answers: 'dispute',
  prepare({ id, form }) {
    const params = new Params(form, {
      accepts: ['evidence', 'metadata', 'submit'],
      unsupported: ['intended_submission_method'],
    })
    const evidence = readEvidence(params)
    const submit = params.boolean('submit') ?? true
    params.metadata({})
    return (work) => {
      const dispute = loadDispute(work, id)
      if (evidence) checkOpen(dispute)
      const changed: Dispute = { ...dispute, metadata: params.metadata(dispute.metadata) }
      if (evidence) {
        changed.evidence = { ...dispute.evidence, ...evidence }
        changed.evidence_details = { ...dispute.evidence_details, has_evidence: true }
      }
      const verdict = VERDICTS[String(changed.evidence.uncategorized_text)]
      const submitted = evidence && submit ? afterSubmission(changed) : changed
      work.store.update('dispute', submitted)
      if (evidence && submit && verdict) return closeDispute(work, submitted, verdict)
      work.emit('charge.dispute.updated', submitted, { status: dispute.status })
      return submitted
    }
  },
}

function afterSubmission(dispute: Dispute): Dispute {
  const { evidence_details: details } = dispute
  return {
    ...dispute,
    status: dispute.status.startsWith('warning') ? 'warning_under_review' : 'under_review',
    evidence_details: {
      ...details,
      submission_count: details.submission_count + 1,
      submission_method: 'manual',
    },
  }
}

/** Accepts the dispute: the merchant loses it. */
const closeDisputeEndpoint: Endpoint = {
  method: 'POST',
  path: '/v1/disputes/:id/close',
  answers: 'dispute',
  prepare({ id, form }) {
    new Params(form, { accepts: [] })
    return (work) => closeDispute(work, loadDispute(work, id), 'lost')
  },
}

function readEvidence(params: Params): Record<string, string> | undefined {
  const sent = params.hash('evidence')
  if (!sent) return undefined
  const fields = new Params(sent, { accepts: EVIDENCE_FIELDS, unsupported: ['appeal', 'enhanced_evidence'] })
  return Object.fromEntries(Object.keys(sent).map((field) => [field, fields.clearable(field) ?? '']))
}

const listDisputes = listEndpoint({ kind: 'dispute', path: '/v1/disputes', filters: ['charge', 'payment_intent'] })

export const disputeEndpoints = [retrieveDispute, updateDispute, closeDisputeEndpoint, listDisputes]
