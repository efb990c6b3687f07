using System.Globalization;

namespace AmsMigration.Packaging.Presentations;

/// <summary>Names that differ in one number alone, which counts up by one: what DASH can say of several files (ISO/IEC 23009-1 5.3.9.4.4).</summary>
/// <param name="First">The number in the first name.</param>
/// <param name="Digits">At least as many, filled with zeros.</param>
internal sealed record NumberedNames(string Before, long First, int Digits, string After)
{
    private const int MaxDigits = 9;

    /// <summary>Null where the names are not of this kind, or fewer than two.</summary>
    public static NumberedNames? Of(IReadOnlyList<string> names)
    {
        if (names.Count < 2)
        {
            return null;
        }

        for (int end = names[0].Length; end > names[0].LastIndexOf('/') + 1; end--)
        {
            int start = end;
            while (start > 0 && end - start < MaxDigits && names[0][start - 1] is >= '0' and <= '9')
            {
                start--;
            }

            if (start == end)
            {
                continue;
            }

            string digits = names[0].Substring(start, end - start);
            long first = long.Parse(digits, NumberStyles.None, CultureInfo.InvariantCulture);
            var numbered = new NumberedNames(names[0].Substring(0, start), first, digits[0] == '0' ? digits.Length : 1, names[0].Substring(end));
            if (names.Select((name, i) => numbered.NameOf(first + i) == name).All(isSame => isSame))
            {
                return numbered;
            }

            end = start + 1;
        }

        return null;
    }

    public string NameOf(long number) => Before + number.ToString("D" + Digits, CultureInfo.InvariantCulture) + After;
}
