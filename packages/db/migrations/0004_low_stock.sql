ALTER TABLE "catalog"."variants" ADD COLUMN "low_stock_threshold" bigint;--> statement-breakpoint
ALTER TABLE "catalog"."variants" ADD COLUMN "low_stock_version" bigint DEFAULT 0 NOT NULL;--> statement-breakpoint
CREATE INDEX "variants_low" ON "catalog"."variants" USING btree ("product_id") WHERE available <= low_stock_threshold;--> statement-breakpoint
ALTER TABLE "catalog"."variants" ADD CONSTRAINT "variants_low_stock_threshold" CHECK ("catalog"."variants"."low_stock_threshold" >= 0);