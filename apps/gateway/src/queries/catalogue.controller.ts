import { CATALOGUE_VERSION, riskCategories, riskTriggers } from '@linli/contracts';
import { queryPipe } from '@linli/service';
import { Controller, Query } from '@nestjs/common';
import { z } from 'zod';
import { Serves } from '../api/operation.js';
import { listCategories, listTriggers } from '../api/other-operations.js';

const none = queryPipe(z.object({}));

/** Lists that are the same for everybody. */
@Controller()
export class CatalogueQueries {
  @Serves(listCategories)
  categories(@Query(none) _query: object) {
    return { version: CATALOGUE_VERSION, items: riskCategories };
  }

  @Serves(listTriggers)
  triggers(@Query(none) _query: object) {
    return { items: riskTriggers };
  }
}
