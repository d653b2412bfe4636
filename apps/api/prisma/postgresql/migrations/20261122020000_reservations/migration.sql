-- AlterTable
ALTER TABLE "Device" ADD COLUMN     "reservableBytes" BIGINT NOT NULL DEFAULT 0;

-- AlterTable
ALTER TABLE "Machine" ADD COLUMN     "hostReservableBytes" BIGINT,
ADD COLUMN     "reservationRevision" INTEGER NOT NULL DEFAULT 0;

-- CreateTable
CREATE TABLE "Reservation" (
    "teamId" TEXT NOT NULL,
    "id" TEXT NOT NULL,
    "machineId" TEXT NOT NULL,
    "owner" TEXT NOT NULL,
    "purpose" TEXT NOT NULL,
    "planId" TEXT,
    "what" TEXT NOT NULL,
    "startsAt" TIMESTAMP(3) NOT NULL,
    "endsAt" TIMESTAMP(3),
    "releasedAt" TIMESTAMP(3),
    "revision" INTEGER NOT NULL DEFAULT 1,
    "createdAt" TIMESTAMP(3) NOT NULL DEFAULT CURRENT_TIMESTAMP,
    "updatedAt" TIMESTAMP(3) NOT NULL,

    CONSTRAINT "Reservation_pkey" PRIMARY KEY ("teamId","id")
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

    CONSTRAINT "ReservedMemory_pkey" PRIMARY KEY ("teamId","reservationId","deviceId")
);

-- CreateIndex
CREATE INDEX "Reservation_teamId_machineId_idx" ON "Reservation"("teamId", "machineId");

-- CreateIndex
CREATE INDEX "ReservedMemory_teamId_machineId_deviceId_idx" ON "ReservedMemory"("teamId", "machineId", "deviceId");

-- AddForeignKey
ALTER TABLE "Reservation" ADD CONSTRAINT "Reservation_teamId_fkey" FOREIGN KEY ("teamId") REFERENCES "Team"("id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "Reservation" ADD CONSTRAINT "Reservation_teamId_machineId_fkey" FOREIGN KEY ("teamId", "machineId") REFERENCES "Machine"("teamId", "id") ON DELETE RESTRICT ON UPDATE CASCADE;

-- AddForeignKey
ALTER TABLE "ReservedMemory" ADD CONSTRAINT "ReservedMemory_teamId_reservationId_fkey" FOREIGN KEY ("teamId", "reservationId") REFERENCES "Reservation"("teamId", "id") ON DELETE CASCADE ON UPDATE CASCADE;

-- What is there may be reserved as it was read. Where people have set figures against that, the first reservation on the
-- machine puts it right before it looks.
UPDATE "Device" SET "reservableBytes" = "memoryTotalBytes" WHERE "missingSince" IS NULL;
UPDATE "Machine" SET "hostReservableBytes" = "hostMemoryTotalBytes";

-- The backstop: whoever writes, and however, no more is held in any moment than the place has. The sum of what overlaps
-- is greatest where something begins, so those moments are looked at: the start of the row, the starts of others within
-- its window and, where a row grows, the end of what it held before. What it held already is not asked for again.
-- The lock on the place makes two of them follow each other; what each then reads is what the one before has left.
CREATE FUNCTION "reservedMemoryWithinCapacity"() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  "capacity" BIGINT;
  "held" BOOLEAN := FALSE;
  "isTooMuch" BOOLEAN;
BEGIN
  IF NEW."over" THEN
    RETURN NEW;
  END IF;
  IF NEW."deviceId" = '' THEN
    SELECT "hostReservableBytes" INTO "capacity" FROM "Machine"
    WHERE "teamId" = NEW."teamId" AND "id" = NEW."machineId" FOR NO KEY UPDATE;
  ELSE
    SELECT "reservableBytes" INTO "capacity" FROM "Device"
    WHERE "teamId" = NEW."teamId" AND "machineId" = NEW."machineId" AND "id" = NEW."deviceId" FOR NO KEY UPDATE;
  END IF;
  IF TG_OP = 'UPDATE' THEN
    "held" := NOT OLD."over" AND OLD."teamId" = NEW."teamId" AND OLD."machineId" = NEW."machineId"
      AND OLD."deviceId" = NEW."deviceId" AND OLD."bytes" >= NEW."bytes";
  END IF;
  SELECT EXISTS (
    SELECT 1
    FROM (
      SELECT NEW."startsAtMs" AS "at"
      UNION
      SELECT OLD."endsAtMs" WHERE TG_OP = 'UPDATE' AND OLD."endsAtMs" IS NOT NULL
      UNION
      SELECT "startsAtMs" FROM "ReservedMemory"
      WHERE "teamId" = NEW."teamId" AND "machineId" = NEW."machineId" AND "deviceId" = NEW."deviceId" AND NOT "over"
    ) AS "moment"
    WHERE "moment"."at" >= NEW."startsAtMs"
      AND "moment"."at" < coalesce(NEW."endsAtMs", 9223372036854775807)
      AND NOT (
        "held" AND "moment"."at" >= OLD."startsAtMs"
        AND "moment"."at" < coalesce(OLD."endsAtMs", 9223372036854775807)
      )
      AND NEW."bytes" + (
        SELECT coalesce(sum("other"."bytes"), 0) FROM "ReservedMemory" AS "other"
        WHERE "other"."teamId" = NEW."teamId" AND "other"."machineId" = NEW."machineId"
          AND "other"."deviceId" = NEW."deviceId" AND NOT "other"."over"
          AND "other"."startsAtMs" <= "moment"."at"
          AND coalesce("other"."endsAtMs", 9223372036854775807) > "moment"."at"
          AND NOT (
            TG_OP = 'UPDATE' AND "other"."teamId" = OLD."teamId" AND "other"."reservationId" = OLD."reservationId"
            AND "other"."deviceId" = OLD."deviceId"
          )
      ) > coalesce("capacity", 0)
  ) INTO "isTooMuch";
  IF "isTooMuch" THEN
    RAISE EXCEPTION 'berth: more memory would be reserved than there is';
  END IF;
  RETURN NEW;
END;
$$;

CREATE TRIGGER "ReservedMemory_capacity"
BEFORE INSERT OR UPDATE ON "ReservedMemory"
FOR EACH ROW EXECUTE FUNCTION "reservedMemoryWithinCapacity"();
