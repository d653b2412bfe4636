-- AlterTable
ALTER TABLE "Model" ADD COLUMN     "format" TEXT NOT NULL DEFAULT 'gguf';
