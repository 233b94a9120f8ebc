ALTER TABLE "orders"."order_lines" ADD COLUMN "category" text;--> statement-breakpoint
ALTER TABLE "orders"."order_lines" ADD COLUMN "image_url" text;