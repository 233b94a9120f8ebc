import type { Product, ProductView } from '@shop/contracts'
import { toMajor } from '@shop/kernel'

export function toProductView(product: Product): ProductView {
  return {
    id: product.id,
    name: product.name,
    description: product.description,
    price: toMajor(product.price, product.currency),
    currency: product.currency,
    category: product.category,
    image_url: product.imageUrl,
    stock_quantity: product.available,
    created_at: product.createdAt.toISOString(),
    updated_at: product.updatedAt.toISOString(),
  }
}
