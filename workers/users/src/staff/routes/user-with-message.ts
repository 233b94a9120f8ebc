import { z } from 'zod'
import { UserView } from '../../accounts/routes/user-view.ts'

/** The account of somebody who became or ceased to be staff. */
export const UserWithMessage = z
  .strictObject({ user: UserView, message: z.string().meta({ example: 'Role changed' }) })
  .meta({ id: 'UserWithMessage' })
