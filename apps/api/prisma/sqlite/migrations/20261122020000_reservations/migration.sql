-- AlterTable
ALTER TABLE "Device" ADD COLUMN "reservableBytes" BIGINT NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "Machine" ADD COLUMN "hostReservableBytes" BIGINT;
ALTER TABLE "Machine" ADD COLUMN "reservationRevision" INTEGER NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "Reservation" (
    "teamId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "machineId" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "purpose" TEXT NOT NULL,
    "planId" TEXT,
    "what" TEXT NOT NULL,
    "startsAt" DATETIME NOT NULL,
    "endsAt" DATETIME,
    "releasedAt" DATETIME,
    "revision" INTEGER NOT NULL DEFAULT 1,
    "createdAt" DATETIME NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" DATETIME NOT NULL,

    PRIMARY KEY ("teamId", "id"),
    CONSTRAINT "Reservation_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "Team" ("id") ON DELETE RESTRICT ON UPDATE CASCADE,
    CONSTRAINT "Reservation_teamId_machineId_fkey" FOREIGN KEY ("teamId", "machineId") REFERENCES "Machine" ("teamId", "id") ON DELETE RESTRICT ON UPDATE CASCADE
);

-- CreateTable
CREATE TABLE "ReservedMemory" (
    "teamId" TEXT NOT NULL,
    "reservationId" TEXT NOT NULL,
    "machineId" TEXT NOT NULL,
    "deviceId" TEXT NOT NULL,
    "bytes" BIGINT NOT NULL,
    "sharedBytes" BIGINT NOT NULL DEFAULT 0,
    "startsAtMs" BIGINT NOT NULL,
    "endsAtMs" BIGINT,
    "over" BOOLEAN NOT NULL DEFAULT false,

    PRIMARY KEY ("teamId", "reservationId", "deviceId"),
    CONSTRAINT "ReservedMemory_teamId_reservationId_fkey" FOREIGN KEY ("teamId", "reservationId") REFERENCES "Reservation" ("teamId", "id") ON DELETE CASCADE ON UPDATE CASCADE
);

-- CreateIndex
CREATE INDEX "Reservation_teamId_machineId_idx" ON "Reservation"("teamId", "machineId");

-- CreateIndex
CREATE INDEX "ReservedMemory_teamId_machineId_deviceId_idx" ON "ReservedMemory"("teamId", "machineId", "deviceId");

-- What is there may be reserved as it was read. Where people have set figures against that, the first reservation on the
-- machine puts it right before it looks.
UPDATE "Device" SET "reservableBytes" = "memoryTotalBytes" WHERE "missingSince" IS NULL;
UPDATE "Machine" SET "hostReservableBytes" = "hostMemoryTotalBytes";

-- The backstop: whoever writes, and however, no more is held in any moment than the place has. The sum of what overlaps
-- is greatest where something begins, so those moments are looked at: the start of the row, the starts of others within
-- its window and, where a row grows, the end of what it held before. What it held already is not asked for again.
CREATE TRIGGER "ReservedMemory_capacity_insert"
BEFORE INSERT ON "ReservedMemory"
WHEN NEW."over" = 0
BEGIN
  SELECT RAISE(ABORT, 'berth: more memory would be reserved than there is')
  WHERE EXISTS (
    SELECT 1
    FROM (
      SELECT NEW."startsAtMs" AS "at"
      UNION
      SELECT "startsAtMs" FROM "ReservedMemory"
      WHERE "teamId" = NEW."teamId" AND "machineId" = NEW."machineId" AND "deviceId" = NEW."deviceId" AND "over" = 0
    ) AS "moment"
    WHERE "moment"."at" >= NEW."startsAtMs"
      AND "moment"."at" < coalesce(NEW."endsAtMs", 9223372036854775807)
      AND NEW."bytes" + (
        SELECT coalesce(sum("other"."bytes"), 0) FROM "ReservedMemory" AS "other"
        WHERE "other"."teamId" = NEW."teamId" AND "other"."machineId" = NEW."machineId"
          AND "other"."deviceId" = NEW."deviceId" AND "other"."over" = 0
          AND "other"."startsAtMs" <= "moment"."at"
          AND coalesce("other"."endsAtMs", 9223372036854775807) > "moment"."at"
      ) > coalesce(
        CASE NEW."deviceId"
          WHEN '' THEN (
            SELECT "hostReservableBytes" FROM "Machine"
            WHERE "teamId" = NEW."teamId" AND "id" = NEW."machineId"
          )
          ELSE (
            SELECT "reservableBytes" FROM "Device"
            WHERE "teamId" = NEW."teamId" AND "machineId" = NEW."machineId" AND "id" = NEW."deviceId"
          )
        END,
        0
      )
  );
END;

CREATE TRIGGER "ReservedMemory_capacity_update"
BEFORE UPDATE ON "ReservedMemory"
WHEN NEW."over" = 0
BEGIN
  SELECT RAISE(ABORT, 'berth: more memory would be reserved than there is')
  WHERE EXISTS (
    SELECT 1
    FROM (
      SELECT NEW."startsAtMs" AS "at"
      UNION
      SELECT OLD."endsAtMs" WHERE OLD."endsAtMs" IS NOT NULL
      UNION
      SELECT "startsAtMs" FROM "ReservedMemory"
      WHERE "teamId" = NEW."teamId" AND "machineId" = NEW."machineId" AND "deviceId" = NEW."deviceId" AND "over" = 0
    ) AS "moment"
    WHERE "moment"."at" >= NEW."startsAtMs"
      AND "moment"."at" < coalesce(NEW."endsAtMs", 9223372036854775807)
      AND NOT (
        OLD."over" = 0 AND OLD."teamId" = NEW."teamId" AND OLD."machineId" = NEW."machineId"
        AND OLD."deviceId" = NEW."deviceId" AND OLD."bytes" >= NEW."bytes"
        AND "moment"."at" >= OLD."startsAtMs"
        AND "moment"."at" < coalesce(OLD."endsAtMs", 9223372036854775807)
      )
      AND NEW."bytes" + (
        SELECT coalesce(sum("other"."bytes"), 0) FROM "ReservedMemory" AS "other"
        WHERE "other"."teamId" = NEW."teamId" AND "other"."machineId" = NEW."machineId"
          AND "other"."deviceId" = NEW."deviceId" AND "other"."over" = 0
          AND "other"."startsAtMs" <= "moment"."at"
          AND coalesce("other"."endsAtMs", 9223372036854775807) > "moment"."at"
          AND NOT (
            "other"."teamId" = OLD."teamId" AND "other"."reservationId" = OLD."reservationId"
            AND "other"."deviceId" = OLD."deviceId"
          )
      ) > coalesce(
        CASE NEW."deviceId"
          WHEN '' THEN (
            SELECT "hostReservableBytes" FROM "Machine"
            WHERE "teamId" = NEW."teamId" AND "id" = NEW."machineId"
          )
          ELSE (
            SELECT "reservableBytes" FROM "Device"
            WHERE "teamId" = NEW."teamId" AND "machineId" = NEW."machineId" AND "id" = NEW."deviceId"
          )
        END,
        0
      )
  );
END;
