import { z } from 'zod';
import {
  deliveryShape,
  emailChannelSchema,
  hasOneChannel,
  maxReceivers,
  mustHaveOneChannel,
  ntfyTopicSchema,
  ntfyUrl,
  receiverUrlSchema,
} from './receivers.ts';
import { maxRules, ruleSchema } from './rules.ts';
import { expected } from './scalars.ts';

/** `${NAME}` stands for the environment variable NAME. */
export const variablePattern = /\$\{([A-Za-z_][A-Za-z0-9_]*)\}/g;

const placeholderText = `\${NAME} is replaced by the environment variable NAME.`;

const urlInFileSchema = z
  .string({ error: expected('a URL') })
  .refine((text) => text.search(variablePattern) >= 0 || receiverUrlSchema.safeParse(text).success, {
    error: 'expected a URL that begins with http:// or https://',
  })
  .describe(`A URL. ${placeholderText}`);
const secretSchema = z.string().min(1).describe(placeholderText);
const pathSchema = z
  .string()
  .min(1)
  .describe('A file that contains it, relative to the folder of the rules file.');

type Fields = Readonly<Partial<Record<string, string>>>;

/** For a field that is given as it is, or as the path of a file that contains it. */
function isOneOf(name: string) {
  return [
    (channel: Fields) => (channel[name] === undefined) !== (channel[`${name}_file`] === undefined),
    `expected either \`${name}\` or \`${name}_file\``,
  ] as const;
}

const urlOrFileSchema = z
  .strictObject({ url: urlInFileSchema.optional(), url_file: pathSchema.optional() })
  .refine(...isOneOf('url'));

/** A receiver as a person writes it: its secrets are in variables or files. */
export const receiverInFileSchema = z
  .strictObject({
    ...deliveryShape,
    alertmanager: z.strictObject({ url: urlInFileSchema }).optional(),
    webhook: z
      .strictObject({
        url: urlInFileSchema,
        secret: secretSchema.optional(),
        secret_file: pathSchema.optional(),
      })
      .refine(...isOneOf('secret'))
      .optional(),
    email: emailChannelSchema.optional(),
    slack: urlOrFileSchema.optional(),
    discord: urlOrFileSchema.optional(),
    teams: urlOrFileSchema.optional(),
    ntfy: z
      .strictObject({
        url: urlInFileSchema.default(ntfyUrl),
        topic: ntfyTopicSchema,
        token: secretSchema.optional(),
        token_file: pathSchema.optional(),
      })
      .refine(({ token, token_file }) => token === undefined || token_file === undefined, {
        error: 'expected either `token` or `token_file`',
      })
      .optional(),
  })
  .refine(hasOneChannel, mustHaveOneChannel);
export type ReceiverInFile = z.infer<typeof receiverInFileSchema>;

/** The file that RULES_FILE names. */
export const rulesFileSchema = z.strictObject({
  rules: z.array(ruleSchema).max(maxRules).default([]),
  receivers: z.array(receiverInFileSchema).max(maxReceivers).default([]),
});
