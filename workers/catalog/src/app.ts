import { createApp, READINESS_PATH, readinessResponse } from '@shop/http'
import type { CatalogDeps } from './ports.ts'
import { addAdjustStock } from './routes/adjust-stock.ts'
import type { CatalogApp } from './routes/catalog-app.ts'
import { addCreateProduct } from './routes/create-product.ts'
import { addDeleteProduct } from './routes/delete-product.ts'
import { addGetInventory } from './routes/get-inventory.ts'
import { addGetProduct } from './routes/get-product.ts'
import { addListLowStock } from './routes/list-low-stock.ts'
import { addListProducts } from './routes/list-products.ts'
import { addRebuildInventory } from './routes/rebuild-inventory.ts'
import { addReconcileInventory } from './routes/reconcile-inventory.ts'
import { addUpdateProduct } from './routes/update-product.ts'

export function catalogApp(deps: (env: CatalogEnv) => CatalogDeps): CatalogApp {
  const app = createApp<CatalogEnv, CatalogDeps>({ deps })
  addListProducts(app)
  addCreateProduct(app)
  addGetProduct(app)
  addUpdateProduct(app)
  addDeleteProduct(app)
  addListLowStock(app)
  addGetInventory(app)
  addAdjustStock(app)
  addRebuildInventory(app)
  addReconcileInventory(app)
  app.get(READINESS_PATH, (c) => {
    const { pingDatabase, answers } = c.get('deps')
    return readinessResponse({ postgres: pingDatabase }, answers ? { redis: answers.ping } : {})
  })
  return app
}
