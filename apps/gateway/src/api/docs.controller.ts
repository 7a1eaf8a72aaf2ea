import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { refuse, Refused } from '@linli/kernel';
import { Controller, Param, Res } from '@nestjs/common';
import type { FastifyInstance, FastifyReply } from 'fastify';
import { Serves } from './operation.js';
import { openApiOf } from './openapi.js';
import { operations } from './operations.js';
import { docsFile, docsPage, openApi, root, slashedDocsPage } from './other-operations.js';

const dist = dirname(createRequire(import.meta.url).resolve('swagger-ui-dist/package.json'));

/** Only what this server sends itself; the page sets styles on its elements. */
const POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

const PAGE = `<!doctype html>
<html lang="en">
  <head>
    <meta charset="utf-8" />
    <meta name="viewport" content="width=device-width" />
    <title>Linli API</title>
    <link rel="stylesheet" href="/docs/swagger-ui.css" />
    <link rel="icon" href="/docs/favicon-32x32.png" />
  </head>
  <body>
    <div id="api"></div>
    <script src="/docs/swagger-ui-bundle.js"></script>
    <script src="/docs/start.js"></script>
  </body>
</html>
`;

const START = `SwaggerUIBundle({ url: '/openapi.json', dom_id: '#api', deepLinking: true, validatorUrl: null });\n`;

const types: Readonly<Record<string, string>> = {
  'swagger-ui.css': 'text/css; charset=utf-8',
  'swagger-ui-bundle.js': 'text/javascript; charset=utf-8',
  'favicon-32x32.png': 'image/png',
  'start.js': 'text/javascript; charset=utf-8',
};

const pageFor = (reply: FastifyReply): string => {
  void reply.type('text/html; charset=utf-8').header('content-security-policy', POLICY);
  return PAGE;
};

/** `/docs/` beside the controller: Nest cuts the slash from the end of its routes. */
export const serveSlashedDocs = (fastify: FastifyInstance): void => {
  fastify.get(slashedDocsPage.path, { config: { operation: slashedDocsPage } }, (_request, reply) =>
    reply.send(pageFor(reply)),
  );
};

/** The document, and a page to read and try it; nothing comes from elsewhere. */
@Controller()
export class DocsController {
  private readonly document = JSON.stringify(openApiOf(operations));

  @Serves(openApi)
  spec(@Res({ passthrough: true }) reply: FastifyReply): string {
    void reply.type('application/json; charset=utf-8').header('cache-control', 'no-cache');
    return this.document;
  }

  @Serves(docsPage)
  page(@Res({ passthrough: true }) reply: FastifyReply): string {
    return pageFor(reply);
  }

  @Serves(root)
  root(@Res({ passthrough: true }) reply: FastifyReply): void {
    void reply.header('location', docsPage.path);
  }

  @Serves(docsFile)
  async file(@Param('file') name: string, @Res({ passthrough: true }) reply: FastifyReply) {
    const type = Object.hasOwn(types, name) ? types[name] : undefined;
    if (type === undefined) {
      throw new Refused(refuse('ROUTE_NOT_FOUND', 'not-found', 'There is nothing at this address.'));
    }
    void reply.type(type).header('cache-control', 'public, max-age=3600');
    return name === 'start.js' ? START : readFile(join(dist, name));
  }
}
