using AmsMigration.Packaging.IsoBmff;

namespace AmsMigration.Packaging.Sources.Mp4;

/// <summary>Sample groups (ISO/IEC 14496-12 8.9) in a 'stbl' or a 'traf'.</summary>
internal static class SampleGroups
{
    /// <summary>Samples of audio to decode before one is right: of 'roll' (10.1) or 'prol' (10.1.3), as a positive number; 0 where none.</summary>
    /// <param name="list">A 'stbl' or 'traf'.</param>
    public static int ReadRollDistance(BoxReader list)
    {
        while (list.NextChild(out BoxReader box))
        {
            if (box.Type != "sgpd" || box.Remaining < 12)
            {
                continue;
            }

            (byte version, _) = box.FullBox();
            if (box.FourCC() is not ("roll" or "prol") || box.Remaining < (version == 0 ? 6 : 10))
            {
                continue;
            }

            bool isLengthPerEntry = SkipDefaults(ref box, version);
            uint entries = box.U32();
            if (isLengthPerEntry && box.Remaining >= 4)
            {
                box.Skip(4);
            }

            int distance = entries > 0 && box.Remaining >= 2 ? unchecked((short)box.U16()) : 0;
            if (distance < 0)
            {
                return -distance;
            }
        }

        return 0;
    }

    /// <summary>
    /// Steps to entry_count (8.9.3.2). Version 2 has default_length in the editions from 2015 on and lacked it before, which only the box's length tells.
    /// </summary>
    /// <returns>True where each entry has its length in front.</returns>
    private static bool SkipDefaults(ref BoxReader box, byte version)
    {
        const int EntryLength = 2;
        if (version == 0)
        {
            return false;
        }

        BoxReader newer = box;
        newer.Skip(version == 1 ? 4 : Math.Min(8, box.Remaining - 4));
        if (version == 1 || newer.Remaining - 4 == (long)newer.U32() * EntryLength)
        {
            uint length = box.U32();
            box.Skip(version == 1 ? 0 : 4);
            return length == 0;
        }

        box.Skip(4);
        return false;
    }

    /// <summary>The runs of a grouping as (sample count, is in a group); null where the track has none of that type.</summary>
    public static List<(uint Count, bool IsMember)>? ReadRuns(BoxReader list, string groupingType)
    {
        while (list.NextChild(out BoxReader box))
        {
            if (box.Type != "sbgp" || box.Remaining < 12)
            {
                continue;
            }

            (byte version, _) = box.FullBox();
            if (box.FourCC() != groupingType)
            {
                continue;
            }

            if (version == 1)
            {
                box.Skip(4);
            }

            int entries = box.Count(8);
            List<(uint, bool)> runs = new(entries);
            for (int i = 0; i < entries; i++)
            {
                runs.Add((box.U32(), box.U32() > 0));
            }

            return runs;
        }

        return null;
    }
}
