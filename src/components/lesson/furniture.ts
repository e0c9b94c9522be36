import Message from '../figures/Message.astro'
import Moment from '../figures/Moment.astro'
import Pause from '../figures/Pause.astro'
import Sequence from '../figures/Sequence.astro'
import StateMachine from '../figures/StateMachine.astro'
import Transition from '../figures/Transition.astro'
import Hint from '../missions/Hint.astro'
import Mission from '../missions/Mission.astro'
import Solution from '../missions/Solution.astro'
import Choice from '../predictions/Choice.astro'
import Predict from '../predictions/Predict.astro'
import Prediction from '../predictions/Prediction.astro'
import Accept from '../questions/Accept.astro'
import FindBytes from '../questions/FindBytes.astro'
import Option from '../questions/Option.astro'
import PutInOrder from '../questions/PutInOrder.astro'
import Quiz from '../questions/Quiz.astro'
import Reason from '../questions/Reason.astro'
import ShortAnswer from '../questions/ShortAnswer.astro'
import Step from '../questions/Step.astro'
import Wrong from '../questions/Wrong.astro'
import Measured from '../recorded/Measured.astro'
import Recorded from '../recorded/Recorded.astro'
import RecordedFrame from '../recorded/RecordedFrame.astro'
import RecordedHead from '../recorded/RecordedHead.astro'
import Client from './Client.astro'
import Fig from './Fig.astro'
import Myth from './Myth.astro'
import Note from './Note.astro'
import Plate from './Plate.astro'
import Rfc from './Rfc.astro'
import Server from './Server.astro'
import Summary from './Summary.astro'
import Tab from './Tab.astro'
import Tabs from './Tabs.astro'
import Term from './Term.astro'

/** What lessons may use without importing it, but for labs (`src/markdown/labs.ts`); what each may be given is checked in `src/markdown/furniture.ts`. */
export const furniture = {
  Accept,
  Choice,
  Client,
  Fig,
  FindBytes,
  Hint,
  Measured,
  Message,
  Mission,
  Moment,
  Myth,
  Note,
  Option,
  Pause,
  Plate,
  Predict,
  Prediction,
  PutInOrder,
  Quiz,
  Reason,
  Recorded,
  RecordedFrame,
  RecordedHead,
  Rfc,
  Sequence,
  Server,
  ShortAnswer,
  Solution,
  StateMachine,
  Step,
  Summary,
  Tab,
  Tabs,
  Term,
  Transition,
  Wrong,
}
