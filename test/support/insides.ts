/** Text that no client may read: SQL, stack traces, source paths, messages of Postgres or Stripe. */
export const INSIDES =
  /\b(select|insert|update|delete)\b.+\b(from|into|set|where)\b|node_modules|\.[jt]s:\d|\bat .+\(|postgres|neon|drizzle|sqlstate|syntax error|violates|zod|stripe\.com|pi_[a-z0-9]{8}/i
