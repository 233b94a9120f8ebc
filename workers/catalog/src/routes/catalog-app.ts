import type { AppEnv, ShopApp } from '@shop/http'
import type { CatalogDeps } from '../ports.ts'

export type CatalogAppEnv = AppEnv<CatalogEnv, CatalogDeps>
export type CatalogApp = ShopApp<CatalogEnv, CatalogDeps>
