import Activity from 'lucide-react/icons/activity';
import Archive from 'lucide-react/icons/archive';
import Ban from 'lucide-react/icons/ban';
import Bell from 'lucide-react/icons/bell';
import BookOpen from 'lucide-react/icons/book-open';
import ChartColumn from 'lucide-react/icons/chart-column';
import Check from 'lucide-react/icons/check';
import ChevronDown from 'lucide-react/icons/chevron-down';
import ChevronLeft from 'lucide-react/icons/chevron-left';
import ChevronRight from 'lucide-react/icons/chevron-right';
import ChevronUp from 'lucide-react/icons/chevron-up';
import CircleAlert from 'lucide-react/icons/circle-alert';
import CircleCheck from 'lucide-react/icons/circle-check';
import CircleDot from 'lucide-react/icons/circle-dot';
import CircleHelp from 'lucide-react/icons/circle-help';
import Clock from 'lucide-react/icons/clock';
import Eye from 'lucide-react/icons/eye';
import EyeOff from 'lucide-react/icons/eye-off';
import FileText from 'lucide-react/icons/file-text';
import Filter from 'lucide-react/icons/filter';
import Flag from 'lucide-react/icons/flag';
import Gauge from 'lucide-react/icons/gauge';
import Globe from 'lucide-react/icons/globe';
import History from 'lucide-react/icons/history';
import Inbox from 'lucide-react/icons/inbox';
import Info from 'lucide-react/icons/info';
import KeyRound from 'lucide-react/icons/key-round';
import Landmark from 'lucide-react/icons/landmark';
import LayoutDashboard from 'lucide-react/icons/layout-dashboard';
import LifeBuoy from 'lucide-react/icons/life-buoy';
import ListChecks from 'lucide-react/icons/list-checks';
import Lock from 'lucide-react/icons/lock';
import LogOut from 'lucide-react/icons/log-out';
import Mail from 'lucide-react/icons/mail';
import Menu from 'lucide-react/icons/menu';
import Package from 'lucide-react/icons/package';
import Plus from 'lucide-react/icons/plus';
import RefreshCw from 'lucide-react/icons/refresh-cw';
import ScrollText from 'lucide-react/icons/scroll-text';
import Search from 'lucide-react/icons/search';
import Settings from 'lucide-react/icons/settings';
import Shield from 'lucide-react/icons/shield';
import ShieldCheck from 'lucide-react/icons/shield-check';
import Store from 'lucide-react/icons/store';
import Tag from 'lucide-react/icons/tag';
import Ticket from 'lucide-react/icons/ticket';
import TriangleAlert from 'lucide-react/icons/triangle-alert';
import Undo2 from 'lucide-react/icons/undo-2';
import User from 'lucide-react/icons/user';
import UserCog from 'lucide-react/icons/user-cog';
import Users from 'lucide-react/icons/users';
import Webhook from 'lucide-react/icons/webhook';
import X from 'lucide-react/icons/x';
import type React from 'react';

const icons = {
  activity: Activity,
  archive: Archive,
  ban: Ban,
  bell: Bell,
  book: BookOpen,
  chart: ChartColumn,
  check: Check,
  'chevron-down': ChevronDown,
  'chevron-left': ChevronLeft,
  'chevron-right': ChevronRight,
  'chevron-up': ChevronUp,
  clock: Clock,
  danger: CircleAlert,
  dashboard: LayoutDashboard,
  eye: Eye,
  'eye-off': EyeOff,
  file: FileText,
  filter: Filter,
  flag: Flag,
  gauge: Gauge,
  globe: Globe,
  help: CircleHelp,
  history: History,
  inbox: Inbox,
  info: Info,
  key: KeyRound,
  list: ListChecks,
  lock: Lock,
  'log-out': LogOut,
  mail: Mail,
  menu: Menu,
  neutral: CircleDot,
  ok: CircleCheck,
  package: Package,
  plus: Plus,
  refresh: RefreshCw,
  scroll: ScrollText,
  search: Search,
  settings: Settings,
  shield: Shield,
  'shield-check': ShieldCheck,
  store: Store,
  landmark: Landmark,
  support: LifeBuoy,
  tag: Tag,
  ticket: Ticket,
  undo: Undo2,
  user: User,
  'user-cog': UserCog,
  users: Users,
  warn: TriangleAlert,
  webhook: Webhook,
  x: X,
} as const;

export type IconName = keyof typeof icons;

/** An outline icon, hidden from screen readers: the text or the name beside it says what it means. */
export function Icon({ name, size = 16 }: { name: string; size?: 16 | 20 }): React.ReactElement {
  const Shape = Object.hasOwn(icons, name) ? icons[name as IconName] : CircleDot;
  return <Shape size={size} aria-hidden="true" focusable="false" strokeWidth={1.75} className="fs-icon" />;
}
