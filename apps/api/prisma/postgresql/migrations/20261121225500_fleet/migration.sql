-- AlterTable
ALTER TABLE "Machine" ADD COLUMN     "site" TEXT,
ADD COLUMN     "owner" TEXT,
ADD COLUMN     "labels" TEXT NOT NULL DEFAULT '{}',
ADD COLUMN     "readAt" TIMESTAMP(3),
ADD COLUMN     "reportSeconds" INTEGER,
ADD COLUMN     "overrides" TEXT NOT NULL DEFAULT '[]';

-- AlterTable
ALTER TABLE "Device" ADD COLUMN     "overrides" TEXT NOT NULL DEFAULT '[]';

-- CreateTable
CREATE TABLE "Change" (
    "teamId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "machineId" TEXT NOT NULL,
    "machineName" TEXT NOT NULL,
    "action" TEXT NOT NULL,
    "source" TEXT NOT NULL,
    "message" TEXT,
    "differences" TEXT NOT NULL,
    "requestId" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "Change_pkey" PRIMARY KEY ("teamId","id")
);

-- CreateTable
CREATE TABLE "RegistrationToken" (
    "teamId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "secretHash" TEXT NOT NULL,
    "expiresAt" TIMESTAMP(3),
    "lastUsedAt" TIMESTAMP(3),
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,

    CONSTRAINT "RegistrationToken_pkey" PRIMARY KEY ("teamId","id")
);

-- CreateTable
CREATE TABLE "SavedView" (
    "teamId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "list" TEXT NOT NULL,
    "name" TEXT NOT NULL,
    "query" TEXT NOT NULL,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "SavedView_pkey" PRIMARY KEY ("teamId","id")
);

-- CreateIndex
CREATE INDEX "Change_teamId_machineId_id_idx" ON "Change"("teamId", "machineId", "id");

-- CreateIndex
CREATE UNIQUE INDEX "RegistrationToken_secretHash_key" ON "RegistrationToken"("secretHash");

-- CreateIndex
CREATE UNIQUE INDEX "RegistrationToken_teamId_name_key" ON "RegistrationToken"("teamId", "name");

-- CreateIndex
CREATE UNIQUE INDEX "SavedView_teamId_list_name_key" ON "SavedView"("teamId", "list", "name");

-- AddForeignKey
ALTER TABLE "Change" ADD CONSTRAINT "Change_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "Team"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "RegistrationToken" ADD CONSTRAINT "RegistrationToken_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "Team"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "SavedView" ADD CONSTRAINT "SavedView_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "Team"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- What was read before this column was there was read when it last changed.
UPDATE "Machine" SET "readAt" = "updatedAt" WHERE "rawText" <> '';
