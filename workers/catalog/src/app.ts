import { createApp } from '@shop/http/app'
import { backlogCheck } from '@shop/http/events/backlog-check'
import { addEventRoutes } from '@shop/http/events/event-routes'
import { READINESS_PATH, readinessResponse } from '@shop/http/readiness'
import { wakeAfterWrites } from '@shop/http/wake-after-writes'
import { addCreateAttribute } from './attributes/routes/create-attribute.ts'
import { addDeleteAttribute } from './attributes/routes/delete-attribute.ts'
import { addListAttributes } from './attributes/routes/list-attributes.ts'
import { addUpdateAttribute } from './attributes/routes/update-attribute.ts'
import { addCreateCategory } from './categories/routes/create-category.ts'
import { addDeleteCategory } from './categories/routes/delete-category.ts'
import { addGetCategory } from './categories/routes/get-category.ts'
import { addListCategories } from './categories/routes/list-categories.ts'
import { addUpdateCategory } from './categories/routes/update-category.ts'
import { addCreateCollection } from './collections/routes/create-collection.ts'
import { addDeleteCollection } from './collections/routes/delete-collection.ts'
import { addGetCollection } from './collections/routes/get-collection.ts'
import { addListCollections } from './collections/routes/list-collections.ts'
import { addSetCollectionProducts } from './collections/routes/set-collection-products.ts'
import { addUpdateCollection } from './collections/routes/update-collection.ts'
import type { CatalogApp, CatalogDeps } from './deps.ts'
import { addCreateProduct } from './products/routes/create-product.ts'
import { addCreateProducts } from './products/routes/create-products.ts'
import { addDeleteProduct } from './products/routes/delete-product.ts'
import { addGetProduct } from './products/routes/get-product.ts'
import { addGetProductBySlug } from './products/routes/get-product-by-slug.ts'
import { addUpdateProduct } from './products/routes/update-product.ts'
import { addListProducts } from './search/routes/list-products.ts'
import { addSuggestSearch } from './search/routes/suggest-search.ts'
import { addGetShop } from './shop/routes/get-shop.ts'
import { addAdjustStock } from './stock/routes/adjust-stock.ts'
import { addAdjustVariantStock } from './stock/routes/adjust-variant-stock.ts'
import { addGetInventory } from './stock/routes/get-inventory.ts'
import { addGetVariantInventory } from './stock/routes/get-variant-inventory.ts'
import { addListLowStock } from './stock/routes/list-low-stock.ts'
import { addRebuildInventory } from './stock/routes/rebuild-inventory.ts'
import { addReconcileInventory } from './stock/routes/reconcile-inventory.ts'
import { addCreateVariant } from './variants/routes/create-variant.ts'
import { addDeleteVariant } from './variants/routes/delete-variant.ts'
import { addListVariants } from './variants/routes/list-variants.ts'
import { addUpdateVariant } from './variants/routes/update-variant.ts'

export function catalogApp(deps: (env: CatalogEnv) => CatalogDeps): CatalogApp {
  const app = createApp<CatalogEnv, CatalogDeps>({ deps })
  app.use(wakeAfterWrites)
  addListProducts(app)
  addCreateProduct(app)
  addCreateProducts(app)
  addGetProduct(app)
  addUpdateProduct(app)
  addDeleteProduct(app)
  addGetProductBySlug(app)
  addListVariants(app)
  addCreateVariant(app)
  addUpdateVariant(app)
  addDeleteVariant(app)
  addListCategories(app)
  addCreateCategory(app)
  addGetCategory(app)
  addUpdateCategory(app)
  addDeleteCategory(app)
  addListCollections(app)
  addCreateCollection(app)
  addGetCollection(app)
  addUpdateCollection(app)
  addSetCollectionProducts(app)
  addDeleteCollection(app)
  addListAttributes(app)
  addCreateAttribute(app)
  addUpdateAttribute(app)
  addDeleteAttribute(app)
  addSuggestSearch(app)
  addGetShop(app)
  addListLowStock(app)
  addGetInventory(app)
  addAdjustStock(app)
  addGetVariantInventory(app)
  addAdjustVariantStock(app)
  addRebuildInventory(app)
  addReconcileInventory(app)
  addEventRoutes(app)
  app.get(READINESS_PATH, (c) => {
    const deps = c.get('deps')
    const backlog = backlogCheck(deps)
    return readinessResponse(
      { postgres: backlog.check },
      deps.answers ? { redis: deps.answers.ping } : {},
      backlog.details,
    )
  })
  return app
}
