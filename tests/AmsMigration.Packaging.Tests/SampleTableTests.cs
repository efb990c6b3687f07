using AmsMigration.Packaging.Presentations;

namespace AmsMigration.Packaging.Tests;

public class SampleTableTests
{
    [Fact]
    public void A_cursor_gives_back_what_was_added_from_every_start()
    {
        var random = new Random(1);
        var expected = new List<(long Time, uint Duration, int Offset, uint Size, bool Sync, int File, long Place, int Description)>();
        var builder = new SampleTableBuilder();
        long place = 100;
        for (int i = 0; i < 500; i++)
        {
            if (random.Next(50) == 0)
            {
                builder.SetDecodeTime(builder.DecodeTime + random.Next(5000));
            }

            if (random.Next(8) == 0)
            {
                place += random.Next(1000);
            }

            uint size = (uint)random.Next(1, 4000);
            uint duration = random.Next(5) == 0 ? 1001u : 1000u;
            var sample = (builder.DecodeTime, duration, random.Next(3) * 500, size, random.Next(10) == 0, i / 200, place, i / 300);
            expected.Add(sample);
            builder.Add(duration, sample.Item3, size, sample.Item5, sample.Item6, place, sample.Item8);
            place += size;
        }

        SampleTable table = builder.Build();
        Assert.Equal(500, table.Count);
        for (int start = 0; start <= 500; start += 7)
        {
            SampleCursor cursor = table.GetCursor(start);
            for (int i = start; i < 500; i++, cursor.MoveNext())
            {
                Assert.Equal(
                    expected[i],
                    (cursor.DecodeTime, cursor.Duration, cursor.CompositionOffset, cursor.Size, cursor.IsSync, cursor.File, cursor.Offset, cursor.Description));
            }

            Assert.True(cursor.IsEnd);
            Assert.Equal(table.EndDecodeTime, cursor.DecodeTime);
        }
    }
}
